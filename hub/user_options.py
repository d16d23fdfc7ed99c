"""What a user may choose when starting a server: nothing that the operator has not listed.

Options also come over REST and as `?opt-…` of a link, past any form. So the list is kept here, where every
way leads through, and nothing of what a user sends is ever copied: a choice only picks settings that the
operator wrote.
"""

from jupyterhub.utils import safe_log
from spawn_failure import SpawnFailure

Choices = dict[str, dict[str, dict]]  # option -> choice -> the spawner's traits that it sets


def settings_of(user_options: dict, choices: Choices) -> dict:
    """The traits that `user_options` sets by way of `choices`.

    Raises SpawnFailure (400) that names the option or the choice which is not offered.
    """
    settings = {}
    for option, choice in user_options.items():
        if option not in choices:
            raise _refusal(f"There is no option {safe_log(option)} here", choices)
        if not isinstance(choice, str) or choice not in choices[option]:
            raise _refusal(f"Option {safe_log(option)} has no choice {safe_log(choice)}", choices[option])
        settings |= choices[option][choice]
    return settings


def _refusal(what: str, offered: dict) -> SpawnFailure:
    instead = f"choose from {', '.join(sorted(offered))}" if offered else "start the server without it"
    return SpawnFailure(f"{what}: {instead}.", reason="option-refused", status_code=400)
