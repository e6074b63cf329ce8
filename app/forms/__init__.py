"""Forms on web sites, sent by people who are not signed in."""
