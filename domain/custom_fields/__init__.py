"""Fields that a company defines for itself: what they are, and which values they take."""
