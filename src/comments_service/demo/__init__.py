"""A made-up newspaper on another site, to see the service at work; this folder could be deleted."""

SITE = "demo"
