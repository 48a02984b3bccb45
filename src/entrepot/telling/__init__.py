"""How answers are told: names, figures and sentences that every outlet shares."""
