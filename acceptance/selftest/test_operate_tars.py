"""What may stand in a tar that is to be unpacked: nothing that leads out of its volume, directly or through a link."""

import io
import tarfile

import pytest

from stack.operate import tars


def tarred(path, *members, **more):
    """A tar with members of these names, each a small file unless its type and link are given."""
    with tarfile.open(path, "w") as tar:
        for name in members:
            entry = tarfile.TarInfo(name)
            entry.size, entry.type, entry.linkname = (0 if more else 1), more.get("type", tarfile.REGTYPE), more.get("to", "")
            tar.addfile(entry, io.BytesIO(b"x"))
    return path


@pytest.mark.parametrize("name", ["/etc/passwd", "../out", "files/../../out", "elsewhere/file", "files/..", "."])
def test_a_member_that_leads_out_of_its_volume_is_refused(tmp_path, name):
    assert "which leads out of files/" in tars.complaints(tarred(tmp_path / "t.tar", name), "files")[0]


@pytest.mark.parametrize(("kind", "to", "words"), [
    (tarfile.LNKTYPE, "/etc/shadow", "leads out"), (tarfile.LNKTYPE, "files/../../etc", "leads out"),
    (tarfile.CHRTYPE, "", "a device"), (tarfile.BLKTYPE, "", "a device"),
    (tarfile.SYMTYPE, "/usr/share", ""), (tarfile.SYMTYPE, "../..", ""), (tarfile.FIFOTYPE, "", "")])
def test_links_and_devices(tmp_path, kind, to, words):
    said = tars.complaints(tarred(tmp_path / "t.tar", "files/x", type=kind, to=to), "files")
    assert len(said) == bool(words) and words in "".join(said)


def test_nothing_is_written_through_a_link(tmp_path):
    with tarfile.open(tmp_path / "t.tar", "w") as tar:
        for name, kind, to in [("files/a", tarfile.SYMTYPE, "/etc"), ("files/a/passwd", tarfile.REGTYPE, ""),
                               ("files/b", tarfile.LNKTYPE, "files/a/shadow"), ("files/c", tarfile.LNKTYPE, "files/a")]:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, to
            tar.addfile(entry)
    said = tars.complaints(tmp_path / "t.tar", "files")
    assert [line.split("holds ")[1].split(",")[0] for line in said] == ["'files/a/passwd'", "'files/b'", "'files/c'"]
    assert all("leads through a link" in line for line in said)


def test_a_strange_tar_is_not_told_member_by_member(tmp_path):
    said = tars.complaints(tarred(tmp_path / "t.tar", *(f"/{number}" for number in range(1000))), "files")
    assert len(said) == tars.SHOWN + 1 and said[-1].endswith("995 more of that kind.")


@pytest.mark.parametrize("content", [b"", b"no tar" * 200])
def test_what_is_no_tar_is_said(tmp_path, content):
    (tmp_path / "t.tar").write_bytes(content)
    assert "is no whole tar" in tars.complaints(tmp_path / "t.tar", "files")[0]
