"""An independent judge of the transport service: plain Python beside it, the literature, statistics, targets."""
