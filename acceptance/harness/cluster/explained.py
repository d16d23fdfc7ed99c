"""Errors in the logs of a sound stack, each with its reason. What stands here was met in a run and understood, not silenced."""

from acceptance.harness.cluster.log_judge import Explained

REFUSING = ("spawn-fails", "spawn-profiles", "spawn-options")  # checks that order servers which cannot start
# And those that take servers away behind the hub's back: so long as that has not noticed, their routes lead nowhere.
LOSING = ("notebook-dies", "restore-drill", "upgrade")

EXPLAINED = (
    Explained(
        "nginx",
        r"\[error\] .* access forbidden by rule, .* request: \"GET /hub/(api/)?metrics",
        "Somebody outside asked for the metrics, which nginx keeps from everybody by default. (Checks do.)",
        '2026/11/24 10:00:00 [error] 31#31: *9 access forbidden by rule, client: 172.18.0.1, server: , request: "GET /hub/metrics'
        ' HTTP/1.1", host: "127.0.0.1:30443"',
    ),
    Explained(
        "nginx",
        r"\[error\] .* hub could not be resolved \(\d+: ",
        "A hub that is away has no name either; the user gets the page that says so (check edge-502).",
        '2026/11/24 10:39:35 [error] 30#30: *1 hub could not be resolved (3: Host not found), client: 172.18.0.1, server: ,'
        ' request: "GET /hub/api/user HTTP/1.1", host: "127.0.0.1:30443"',
        during=("hub away",),
    ),
    Explained(
        "nginx",
        r"\[error\] .* (connect\(\) failed \(\d+: (Connection refused|No route to host|Host is unreachable)\)|upstream timed out"
        r" \(\d+: Connection timed out\)) while connecting to upstream",
        "The hub's container is there and its proxy listens not yet, or no longer.",
        '2026/11/24 10:39:36 [error] 30#30: *4 connect() failed (111: Connection refused) while connecting to upstream, client:'
        ' 172.18.0.1, server: , request: "GET /hub/api/user HTTP/1.1", upstream: "http://10.0.1.5:8000/hub/api/user"',
        during=("hub away",),
    ),
    Explained(
        "nginx",
        r"\[error\] .* (upstream prematurely closed connection|recv\(\) failed \(104: Connection reset by peer\)) while reading"
        r" response header from upstream",
        "A request was under way when the hub's container was killed.",
        '2026/11/24 17:12:11 [error] 19#19: *72 upstream prematurely closed connection while reading response header from'
        ' upstream, client: 198.18.2.1, server: , request: "GET /hub/api/user HTTP/1.1", upstream: "http://10.0.2.11:8000/hub/api/user"',
        during=("hub away",),
    ),
    Explained(
        "hub",
        r"\[C .* Received signal SIGTERM, initiating shutdown",
        "JupyterHub calls its own end critical, also where an update of the stack asked for it (app.py, shutdown_cancel_tasks).",
        "[C 2026-11-24 11:06:09.533 JupyterHub app:4035] Received signal SIGTERM, initiating shutdown...",
        during=("hub away",),
    ),
    Explained(
        "hub",
        r"\[E .* (Failed to get current user|Rolling back session due to database error)",
        "Each request asks the database who it is from; while that is away it is answered by a 5xx (check postgres-killed).",
        "[E 2026-11-24 11:07:38.440 JupyterHub base:109] Failed to get current user\n    Traceback (most recent call last):\n"
        '      File "x.py", line 1, in f\n    sqlalchemy.exc.OperationalError: (psycopg.OperationalError) connection failed',
        ending=r"(sqlalchemy\.exc|psycopg)\.\w*Error: |\Z",
        during=("database away",),
    ),
    Explained(
        "hub",
        r"\[E .* Uncaught exception (GET|POST) /hub/",
        "A page that has to ask the database more than who it is from, such as a login, finds it away (check postgres-killed).",
        "[E 2026-11-27 03:26:24.332 JupyterHub web:2108] Uncaught exception POST /hub/login?next=%2Fhub%2Fhome (198.18.2.1)\n"
        "    HTTPServerRequest(protocol='https', method='POST')\n    Traceback (most recent call last):\n"
        '      File "/srv/jupyterhub/sign_up.py", line 61, in hash_of\n        account = self.get_user(name)\n'
        "    sqlalchemy.exc.OperationalError: (psycopg.OperationalError) failed to resolve host 'postgres': [Errno -2] Name or"
        " service not known",
        ending=r"(sqlalchemy\.exc|psycopg)\.\w*Error: ",
        during=("database away",),
    ),
    Explained(
        "hub",
        r"\[E .* JupyterHub log:\d+\] ({$|500 (GET|POST) /hub/)",
        "That page's answer is a 500, and JupyterHub logs the headers of such a request, too. What went wrong is a line before.",
        "[E 2026-11-27 03:26:24.408 JupyterHub log:192] 500 POST /hub/login?next=%2Fhub%2Fhome (@198.18.2.1) 88.80ms",
        during=("database away",),
    ),
    Explained(
        "hub",
        r"\[E .* Database connection error, attempting to reconnect: \(psycopg",
        "A connection of the hub's pool that the database closed is found so when it is used next, and made anew (orm.py).",
        "[E 2026-11-24 11:07:55.699 JupyterHub orm:1481] Database connection error, attempting to reconnect:"
        " (psycopg.errors.AdminShutdown) terminating connection due to administrator command",
        ending=r"(sqlalchemy\.exc|psycopg)\.\w*Error: |\Z",
    ),
    Explained(
        "proxy",
        r"error\S*: 404 GET /hub/health",
        "The hub's health check asks by way of the proxy from the first second on, when that knows no hub yet.",
        "2026-11-24T11:07:02.008Z [ConfigProxy] \x1b[31merror\x1b[39m: 404 GET /hub/health ",
        during=("hub away",),
    ),
    Explained(
        "proxy",
        r"error\S*: (503 \S+ /(?!user/)\S* |Failed to get custom error page: )"
        r"(Error: getaddrinfo (ENOTFOUND|EAI_AGAIN) hub$|(Error: )?connect (ECONNREFUSED|EHOSTUNREACH|ETIMEDOUT))",
        "What is no server's leads to the hub, and so does the page that tells of an error: with the hub away, both are.",
        "2026-11-27T07:08:44.216Z [ConfigProxy] \x1b[31merror\x1b[39m: 503 GET /favicon.ico Error: getaddrinfo ENOTFOUND hub",
        during=("hub away",),
    ),
    Explained(
        "proxy",
        r"error\S*: (Uncaught Exception|Error): (read ECONNRESET|write ECONNRESET|write EPIPE)$",
        "A websocket whose client went away while data was on its way to it: the proxy says so, and goes on (jupyterhub#3355).",
        "2026-11-24T17:36:17.693Z [ConfigProxy] \x1b[31merror\x1b[39m: Uncaught Exception: read ECONNRESET",
    ),
    Explained(
        "hub",
        r"\[E .* (The directory directory:\d+ cannot be asked|503 POST /hub/login )",
        "The check gives the directory a certificate that the hub must not trust; nobody gets in then, and the log says why.",
        "[E 2026-11-24 11:13:54.471 JupyterHub directory_authenticator:31] The directory directory:3890 cannot be asked:"
        " ('wrap socket error: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate',)",
        during=("ldap-tls",),
    ),
    Explained(
        "hub",
        r"\[E .* (Not starting \S+'s server|Error starting server|Previous spawn for) .*SpawnFailure\(",
        "The check orders a server that cannot start, to see what its user reads of that.",
        "[E 2026-11-24 11:15:33.130 JupyterHub user:1065] Not starting user086's server : 500 SpawnFailure(reason=rejected): Your"
        " server could not be started. The swarm says 'rejected': No such image",
        during=REFUSING,
    ),
    Explained(
        "hub",
        r"\[E .* (Error starting \S+'s server|Error starting server \S+|Previous spawn for \S+ failed): HTTP (400|50\d): ",
        "The same by JupyterHub 5, to which a wish that is refused is an error, too.",
        "[E 2026-11-27 04:17:44.372 JupyterHub user:1008] Error starting user036's server: HTTP 400: Bad Request (There is no"
        " option 'user_options' here: start the server without it.)",
        ending=r"(NoneType: None)?\Z",
        during=REFUSING,
    ),
    Explained(
        "hub",
        r"\[E .* Exception in Future .* exception=SpawnFailure\(\)> after timeout",
        "And once more, where the page waits no longer for a failure when that comes: tornado logs it.",
        "[E 2026-11-27 07:49:21.396 JupyterHub gen:669] Exception in Future <Task finished name='Task-43' coro=<BaseHandler.spawn"
        "_single_user.<locals>.finish_user_spawn() done> exception=SpawnFailure()> after timeout\n    Traceback (most recent call"
        ' last):\n      File "x.py", line 1, in f\n    spawn_failure.SpawnFailure: HTTP 500: error (Your server did not answer)',
        ending=r"spawn_failure\.SpawnFailure: ",
        during=REFUSING,
    ),
    Explained(
        "hub",
        r"\[E .* Error starting server \S+: HTTP 429: ",
        "The check orders one server more than may be starting at once, and is told when to try again.",
        "[E 2026-11-27 01:38:30.247 JupyterHub pages:426] Error starting server user003: HTTP 429: Too Many Requests (Too many"
        " users trying to log in right now. Try again in 60 seconds.)",
        during=("spawn-limit",),
    ),
    Explained(
        "hub",
        r"\[E .* JupyterHub log:\d+\] ({$|50\d (GET|POST) /hub/(spawn|spawn-pending|api/users)/)",
        "The pages that tell of that server's failure are a 500 or 503, and JupyterHub logs the headers of such a request, too.",
        "[E 2026-11-24 11:15:33.212 JupyterHub log:192] 500 GET /hub/spawn/user086 (user086@198.18.1.1) 873.63ms",
        during=REFUSING,
    ),
    Explained(
        "hub",
        r"^Task exception was never retrieved",
        "A failure that was told already: JupyterHub drops the task, which Python says when it is collected, whenever that is.",
        "Task exception was never retrieved\nfuture: <Task finished name='Task-48'>\nTraceback (most recent call last):\n"
        '  File "x.py", line 1, in f\nspawn_failure.SpawnFailure: 503 SpawnFailure(reason=no-node): No node took your server',
        ending=r"spawn_failure\.SpawnFailure: |sqlalchemy\.exc\.OperationalError: \(psycopg",
    ),
    Explained(
        "hub",
        r"\[E .* XSRF error on login form: HTTP 403",
        "A form older than its token, or a robot's, is refused, and JupyterHub calls that an error (handlers/login.py).",
        "[E 2026-11-24 11:14:11.014 JupyterHub login:121] XSRF error on login form: HTTP 403: Forbidden ('_xsrf' argument missing"
        " from POST)",
    ),
    Explained(
        "hub",
        r"\[E .* Invalid server_name: ",
        "The check asks for a server under a name that JupyterHub does not allow, and reads why there is none.",
        "[E 2026-11-24 11:34:20.920 JupyterHub base:1685] Invalid server_name: 'B_1'",
        during=("spawn-named",),
    ),
    Explained(
        "proxy",
        # By the proxy's source the error itself stands there for a name, and its message alone for a connection.
        r"error\S*: 503 \S+ /user/\S+ (Error: getaddrinfo (ENOTFOUND|EAI_AGAIN)|connect (ECONNREFUSED|EHOSTUNREACH|ETIMEDOUT))",
        "The check kills a notebook, or removes the stack, servers first; requests come until the hub has noticed or is gone.",
        "2026-11-24T11:37:06.830Z [ConfigProxy] \x1b[31merror\x1b[39m: 503 GET /user/user006/ Error: getaddrinfo ENOTFOUND"
        " nbi-7830-user006-yauzftmbd3xfmsmv",
        during=LOSING,
    ),
    Explained(
        "proxy",
        r"error\S*: 503 \S+ /user/\S+ (socket hang up|read ECONNRESET)$",
        "A request to that notebook, such as the auditor's, was under way then.",
        "2026-11-26T16:37:57.997Z [ConfigProxy] \x1b[31merror\x1b[39m: 503 GET /user/user045/api socket hang up",
        during=LOSING,
    ),
)
