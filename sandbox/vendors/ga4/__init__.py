"""GA4 Data API v1beta, over gRPC and REST from one core."""
