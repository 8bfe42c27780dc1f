"""Tests in a real browser, against the real service and the real demo newspaper on two sites."""
