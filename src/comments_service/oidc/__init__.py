"""Readers sign in with an account elsewhere, by OpenID Connect: a provider's word on who they are.

`providers` are what an owner has registered, `discovery` is what each says of itself, `attempts` what one browser has
begun, `exchanging` speaks with the provider, `id_tokens` holds its word to the rules, `signing_in` makes a reader of
it, and `handing_over` brings that to the page of a paper.
"""
