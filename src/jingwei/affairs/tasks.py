"""What the affairs ask of the worker; each affair's tasks stand in its folder."""

from jingwei.affairs.privacy import tasks as _privacy  # noqa: F401
