"""What a caller may say of a run: each option's names, default and meaning."""

from typing import NamedTuple

# A profile is the set of the profiles whose checks it runs: smoke ⊂ core ⊂ full; image is core plus its own.
PROFILES = {
    "smoke": ("smoke",),
    "core": ("smoke", "core"),
    "full": ("smoke", "core", "full"),
    "image": ("smoke", "core", "image"),
}
ENGINES = ("auto", "current", "sandbox")
HUB_CONFIGS = ("stack", "image")
ENGINE_VERSIONS = ("20.10", "26.1")  # the two that Debian has: bookworm's and trixie's


class Option(NamedTuple):
    """One setting as a caller meets it: `--name` for pytest, its `variable` for make."""

    name: str
    default: str
    meaning: str

    @property
    def variable(self) -> str:
        """The make variable that means the same: `--hub-image` is HUB_IMAGE."""
        return self.name.upper().replace("-", "_")

    @property
    def key(self) -> str:
        """The name that pytest and the dataclass keep it under."""
        return self.name.replace("-", "_")


OPTIONS = (
    Option("profile", "core", f"which checks are run: one of {', '.join(PROFILES)}"),
    Option(
        "engine",
        "auto",
        "current (what the docker client reaches), sandbox (a private swarm), or what answers",
    ),
    Option(
        "engine-version",
        "",
        "the sandbox's Docker Engine, 20.10 or 26.1; asks for a sandbox. Empty: its own choice",
    ),
    Option("hub-image", "", "judge this hub image instead of building ours: a name, an id, or a path of a tar or of a folder"),
    Option("previous-hub-image", "", "the hub image that people upgrade from (profile image): a name, an id, or a path"),
    Option("hub-config", "stack", "stack: the hub gets our jupyterhub_config.py; image: it keeps the one that its image brings"),
    Option("notebook-image", "", "judge with this single-user image instead of building ours"),
    Option("nginx-image", "", "judge with this nginx image instead of building ours"),
    Option("users", "5", "how many users the checks of many users sign in at once"),
    Option("keep", "0", "1: leave the stack standing for a look; the run is PARTIAL and certifies nothing"),
    Option("http-port", "", "the published HTTP port. Empty: a free one, 18080 first. With TARGET: where it answers plain http"),
    Option("https-port", "", "the published HTTPS port. Empty: a free one, 18443 first"),
    Option("target", "", "judge the service that runs at https://host[:port], from outside; nothing is deployed"),
    Option("accounts", "", "the file that says who may use it, and where their secrets are"),
    Option("ca-file", "", "the CAs that its certificate is signed by (PEM). Empty: those that this machine trusts"),
    Option("disruptive", "0", "1: also ask its disruptive checks"),
    Option("waivers", "", "a file of broken promises that somebody answers for until a day; README tells its keys"),
    Option(
        "faults", "", "prove the checks against the fault files of this folder instead of judging the stack"
    ),
    Option("source", "the checkout", "the tree whose stack/, hub/, nginx/ and Makefile are judged"),
    Option("reports", "reports/ of the checkout", "the folder that gets a folder for each run, and `latest`"),
)
