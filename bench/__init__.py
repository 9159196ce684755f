"""What `make bench` measures. Every figure stands beside a floor or a peer of the same run; none is a test."""
