"""The measurements of `make bench`. Each figure is shown beside a floor or peer of the same run; none is a test."""
