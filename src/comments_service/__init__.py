"""A self-hosted comment and engagement service for news sites."""
