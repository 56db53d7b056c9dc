"""The audit log: every change and every refusal, in a chain of hashes in the gateway's store."""
