"""Policy targets: as data, as forms, answered; rules without a number; conflicts between documents."""
