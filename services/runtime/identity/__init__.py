"""Who asks: tokens, certificates and sessions read into an actor, and the gate that asks the access table."""
