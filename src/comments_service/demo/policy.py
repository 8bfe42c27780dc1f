"""What the pages of the newspaper allow."""


def content_policy(service: str) -> str:
    """The strictest policy that an embedding page can have; what runs here runs anywhere."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {service}",
            f"connect-src {service}",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def with_frames(policy: str, *, inside: bool) -> str:
    """The same for a page that frames others of the paper, or that stands inside such a frame."""
    if inside:
        return policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return f"{policy}; frame-src 'self'"
