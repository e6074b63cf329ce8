"""Business calendars, public holidays, leave, and the deadlines that follow from them."""
