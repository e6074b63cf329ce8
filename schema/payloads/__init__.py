"""What mutations answer: what changed, ready to be selected, and what was refused.

Every mutation has a payload type of its own, so that one can grow without the others.
"""
