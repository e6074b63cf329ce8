"""Events that were committed get a position, and are kept for a time: the feed that everybody reads.

Positions are 1, 2, 3 ... without a gap, in an order that keeps that of each aggregate. Whoever has read up to a
position has missed nothing before it, since an event that is committed late gets a late position.
"""
