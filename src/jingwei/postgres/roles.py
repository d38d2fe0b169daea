"""What the server's own role may do: read and write, own nothing, never change what is written for good."""

from collections.abc import Callable

OWNER = "jingwei_owner"
SERVER = "jingwei_server"

APPEND_ONLY = ("trail_line", "trail_seal")
"""Tables to which the server may only add."""

READ_ONLY = ("django_migrations",)
"""Tables that only the owner writes."""


def grant(execute: Callable[[str], object], server: str = SERVER) -> None:
    """Give role `server` what it needs on every table there is; call as the owner, after migrations, in one
    transaction, so that there is no moment in which an append-only table could be changed.
    """
    role = '"' + server.replace('"', '""') + '"'
    execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
    for tables, refused in ((APPEND_ONLY, "UPDATE, DELETE, TRUNCATE"), (READ_ONLY, "INSERT, UPDATE, DELETE")):
        for table in tables:
            execute(
                f"DO $$ BEGIN IF to_regclass('public.{table}') IS NOT NULL THEN "
                f"REVOKE {refused} ON public.{table} FROM {role}; END IF; END $$"
            )
