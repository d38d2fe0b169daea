"""Every write to the ground: laying it, counting who lives there, drawing it anew, moving, joining, cutting, ending."""

from jingwei.places.acts.changing import Counted, count, draw_anew, rename
from jingwei.places.acts.joining import dissolve, merge
from jingwei.places.acts.laying import lay_ground
from jingwei.places.acts.moving import move
from jingwei.places.acts.splitting import Part, split

__all__ = ["Counted", "Part", "count", "dissolve", "draw_anew", "lay_ground", "merge", "move", "rename", "split"]
