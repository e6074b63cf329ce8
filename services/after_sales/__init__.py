"""Feedback and complaints."""
