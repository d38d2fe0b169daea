"""A demonstration's living county: invented cases, activities and agreements, each through the acts a click takes."""
