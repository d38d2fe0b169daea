"""The database this house brings along: PostgreSQL 18, running for as long as somebody needs it.

`held(state)` is the only door. Every process that needs the database holds a shared lock on the folder;
one *keeper* process starts the server, starts it again if it dies, and stops it once the last holder is gone,
however that holder went.
"""

from jingwei.postgres.folders import BadFolder, Folder, socket_folder
from jingwei.postgres.holding import Hold, WillNotStart, held, in_use

__all__ = ["BadFolder", "Folder", "Hold", "WillNotStart", "held", "in_use", "socket_folder"]
