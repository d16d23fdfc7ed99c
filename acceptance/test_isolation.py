"""Nobody gets at what is another's."""

import pytest

from acceptance.harness.site import Refused


@pytest.mark.check("user-user-http", profile="smoke", cls="c")
def test_a_user_reaches_nothing_of_another(alice, bob):
    """What a student writes is that student's own: nobody else reaches server, files or kernels through the edge."""
    mine = alice.start_server()
    mine.files.put("exam.txt", "my own work")
    kernel = mine.start_kernel()
    bob.start_server()
    other = bob.server_of(alice)

    assert bob.server().files.list() == []
    for attempt in (other.status, other.files.list, lambda: other.files.get("exam.txt"), lambda: other.kernel(kernel.ident)):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.status in (403, 404)
    assert mine.files.get("exam.txt") == b"my own work"
