"""What a user may choose when starting a server: nothing that the operator has not listed.

Options also come over REST and as `?opt-…` of a link, past any form. So the list is kept here, where every
way leads through, and nothing of what a user sends is ever copied: a choice only picks settings that the
operator wrote.
"""

from spawn_failure import SpawnFailure

LONGEST = 200  # characters
Choices = dict[str, dict[str, dict]]  # option -> choice -> the spawner's traits that it sets


def chosen(user_options: dict, choices: Choices) -> dict[str, str]:
    """What was chosen of each option; of one that `user_options` does not name, the first that is offered.

    Raises SpawnFailure (400) that names the option or the choice which is not offered.
    """
    for option, choice in user_options.items():
        if option not in choices:
            raise _refusal(f"There is no option {_shown(option)} here", choices)
        if not isinstance(choice, str) or choice not in choices[option]:
            raise _refusal(f"Option {_shown(option)} has no choice {_shown(choice)}", choices[option])
    return {option: next(iter(offered)) for option, offered in choices.items()} | user_options


def settings_of(choice_of: dict[str, str], choices: Choices) -> dict:
    """The traits that these choices set, as `chosen` gave them."""
    found = {}
    for option, choice in choice_of.items():
        found |= choices[option][choice]
    return found


def traits_in(choices: Choices) -> set[str]:
    """Every trait that any choice sets."""
    return {trait for offered in choices.values() for settings in offered.values() for trait in settings}


def options_in(form: dict[str, list]) -> dict:
    """User options from a form or a link, where each value comes as a list: of one value, the value."""
    return {option: values[0] if len(values) == 1 else values for option, values in form.items()}


def _shown(sent: object) -> str:
    """What a user sent, in one line and not for ever."""
    text = repr(sent)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _refusal(what: str, offered: dict) -> SpawnFailure:
    instead = f"choose from {', '.join(sorted(offered))}" if offered else "start the server without it"
    return SpawnFailure(f"{what}: {instead}.", reason="option-refused", status_code=400)
