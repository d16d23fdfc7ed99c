"""The kernel's client: when an execution is over, how it ended, and what is not an answer."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.harness.errors import StackError
from acceptance.harness.site import Kernel, KernelDied, KernelError
from acceptance.harness.site.protocol import frame_of, message_in

OK = ("shell", "execute_reply", {"status": "ok"})
IDLE = ("iopub", "status", {"execution_state": "idle"})
BUSY = ("iopub", "status", {"execution_state": "busy"})
ZERO = (
    "shell",
    "execute_reply",
    {"status": "error", "ename": "ZeroDivisionError", "evalue": "by zero", "traceback": []},
)


def said(text, name="stdout"):
    return ("iopub", "stream", {"name": name, "text": text})


class Paper:
    """A channel whose kernel answers each execution with the next lot of messages, and then says no more."""

    def __init__(self, *lots):
        self._lots, self._frames = list(lots), []

    def send(self, message):
        if isinstance(message, bytes):  # a comm: its buffers come back, and an answer without any comes before
            told = message_in(message)
            parent = json.JSONDecoder().raw_decode(message.decode("latin1"), message.index(b"{"))[0]["header"]["msg_id"]
            answer = {"msg_type": "comm_msg", "content": {}, "parent_header": {"msg_id": parent}}
            self._frames += [json.dumps(answer), frame_of(answer, told.buffers)]
            return
        is_hello = message["header"]["msg_type"] == "kernel_info_request"
        lot = [("shell", "kernel_info_reply", {})] if is_hello else self._lots.pop(0)
        self._frames += [each if isinstance(each, Exception) else self._frame(message, *each) for each in lot]

    def receive(self, within):
        frame = self._frames.pop(0) if self._frames else None
        if isinstance(frame, Exception):
            raise frame
        return frame

    def close(self):
        self._frames.clear()

    def _frame(self, request, channel, kind, content, parent=None):
        parent = request["header"]["msg_id"] if parent is None else parent
        return json.dumps(
            {"channel": channel, "msg_type": kind, "content": content, "parent_header": {"msg_id": parent}}
        )


class Desk:
    """Stands in for the visitor: all its channels are this one."""

    def __init__(self, channel):
        self._channel = channel

    def channel(self, path):
        return self._channel


def kernel_that_says(*lots):
    return Kernel(Desk(Paper(*lots)), "/user/ann/", "k1")


def test_what_was_printed_comes_back():
    assert kernel_that_says([BUSY, said("4"), said("2\n"), OK, IDLE]).run("print(42)") == "42\n"


def test_an_error_is_raised_with_its_name():
    with pytest.raises(KernelError, match="ZeroDivisionError: by zero") as raised:
        kernel_that_says([BUSY, ZERO, IDLE]).run("1/0")
    assert raised.value.ename == "ZeroDivisionError"


def test_execute_tells_an_error_and_does_not_raise_it():
    reply = kernel_that_says([said("x", "stderr"), ZERO, IDLE]).execute("1/0")
    assert (reply.status, reply.ename, reply.text, reply.errors) == ("error", "ZeroDivisionError", "", "x")


@pytest.mark.parametrize("half", [[BUSY, OK], [BUSY, said("42"), IDLE], [BUSY], []])
def test_half_an_answer_is_no_success(half):
    with pytest.raises(StackError, match="waited 0.0 s for the end of 'print"):
        kernel_that_says(half).run("print(42)", deadline=0.01)


def test_output_that_follows_the_reply_is_not_lost():
    assert kernel_that_says([OK, said("late"), IDLE]).run("print('late')") == "late"


def test_an_aborted_cell_is_no_success():
    with pytest.raises(KernelError, match="aborted"):
        kernel_that_says([("shell", "execute_reply", {"status": "aborted"}), IDLE]).run("x")


def test_what_others_run_is_not_ours():
    foreign = [(*each, "somebody-else") for each in (said("theirs"), OK, IDLE)]
    assert kernel_that_says([*foreign, said("ours"), OK, IDLE]).run("x") == "ours"


@pytest.mark.parametrize("state", ["dead", "restarting"])
def test_a_kernel_that_is_told_dead_is_dead(state):
    with pytest.raises(KernelDied, match=state):
        kernel_that_says([BUSY, ("iopub", "status", {"execution_state": state}, "")]).run("os.kill(…)")


def test_a_closed_websocket_is_a_failure():
    with pytest.raises(StackError, match="websocket is closed"):
        kernel_that_says([BUSY, StackError("websocket is closed")]).run("x")


def test_output_is_seen_while_the_cell_runs():
    cell = kernel_that_says([BUSY, said("early\n")]).start("…")
    cell.wait_until_output("early")
    assert cell.is_running()


def test_output_that_never_comes_is_told():
    with pytest.raises(StackError, match="ended without 'early'"):
        kernel_that_says([said("late"), OK, IDLE]).start("…").wait_until_output("early")


def test_a_dead_kernel_is_asked_again_after_a_reconnect():
    kernel = kernel_that_says([("iopub", "status", {"execution_state": "dead"}, "")], [said("new"), OK, IDLE])
    with pytest.raises(KernelDied):
        kernel.run("x")
    kernel.reconnect()
    assert kernel.run("x") == "new"


def test_a_page_comes_back_to_a_kernel_that_computes_and_waits_for_nothing():
    paper = Paper([BUSY, said("begun")])
    kernel = Kernel(Desk(paper), "/user/ann/", "k1")
    cell = kernel.start("…")
    cell.wait_until_output("begun")
    kernel.reopen()
    assert cell.is_running()


def test_what_a_widget_sends_comes_back():
    assert kernel_that_says().exchange("echo", b"\0{}\xff") == b"\0{}\xff"


def test_a_widget_that_gets_nothing_back_is_told():
    kernel = kernel_that_says()
    kernel._channel.send = lambda message: None
    with pytest.raises(StackError, match="waited 0.0 s for what the kernel sends back on 'echo'"):
        kernel.exchange("echo", b"x", deadline=0.01)


def test_a_silence_is_one_and_a_cut_is_told():
    kernel = kernel_that_says([BUSY, said("late"), OK, IDLE, StackError("websocket is closed")])
    assert kernel.stay_silent(0.01) == []
    kernel.start("print('late')")
    with pytest.raises(StackError, match="was cut off after 0 s of silence: websocket is closed"):
        kernel.stay_silent(0.01)


@given(st.lists(st.binary(max_size=50), max_size=4))
def test_a_frame_is_read_as_it_was_written(buffers):
    message = message_in(frame_of({"msg_type": "comm_open", "content": {"a": "ø"}}, buffers))
    assert (message.kind, message.content, message.buffers) == ("comm_open", {"a": "ø"}, buffers)


@given(st.lists(st.binary(max_size=50), max_size=4))
def test_binary_buffers_come_through(buffers):
    text = json.dumps({"header": {"msg_type": "comm_msg"}, "content": {"a": 1}, "parent_header": {}}).encode()
    parts, starts = [text, *buffers], []
    for number in range(len(parts)):
        starts.append(4 * (len(parts) + 1) + sum(map(len, parts[:number])))
    message = message_in(struct.pack(f"!{len(parts) + 1}I", len(parts), *starts) + b"".join(parts))
    assert (message.kind, message.content, message.buffers) == ("comm_msg", {"a": 1}, buffers)


@pytest.mark.parametrize("frame", ["", "[]", "{}", "null", '{"header": {}}', b"", b"\0\0\0\1", b"\xff" * 9])
def test_what_is_no_message_is_told(frame):
    with pytest.raises(StackError, match="no Jupyter message"):
        message_in(frame)
