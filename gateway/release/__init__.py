"""Release control: results handed in, reviewed and released by three people, frozen and signed."""
