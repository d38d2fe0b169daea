"""The rows that single affairs own; each stands in its affair's folder."""

from jingwei.affairs.privacy.models import Wish

__all__ = ["Wish"]
