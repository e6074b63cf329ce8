"""The same answers without GraphQL: SQL written for each case, asyncpg, nothing in between. The practical limit."""
