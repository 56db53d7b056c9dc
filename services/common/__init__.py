"""Words that every room shares: units, levers, regions, outcomes, errors, digests. Never imports grpc."""
