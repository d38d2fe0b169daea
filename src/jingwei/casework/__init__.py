"""The engine of what must be closed: kinds, stages, steps, clocks, and every act on a case."""
