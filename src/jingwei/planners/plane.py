"""A small flat map: degrees to metres and back, good enough over the width of a county."""

from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Ring = tuple[tuple[float, float], ...]

METRES_PER_DEGREE = 6_371_008.8 * radians(1)  # mean radius of the earth (IUGG)
DECIMALS = 7  # of a degree: about a centimetre


@dataclass(frozen=True)
class Plane:
    """The equirectangular projection at one latitude: metres east and north of 0°, 0°."""

    latitude: float

    @property
    def stretch(self) -> float:
        """How long a degree of longitude is beside a degree of latitude."""
        return cos(radians(self.latitude))

    def flat(self, geometry: BaseGeometry) -> BaseGeometry:
        """`geometry` in metres."""
        return shapely.transform(geometry, lambda degrees: degrees * self._scale)

    def degrees(self, geometry: BaseGeometry) -> BaseGeometry:
        """`geometry`, given in metres, in degrees of longitude and latitude."""
        return shapely.transform(geometry, lambda metres: metres / self._scale)

    @property
    def _scale(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([METRES_PER_DEGREE * self.stretch, METRES_PER_DEGREE])


def rounded(ring: Ring) -> Ring:
    """`ring` to the centimetre, as it is stored and shown."""
    return tuple((round(lon, DECIMALS), round(lat, DECIMALS)) for lon, lat in ring)
