"""Letters by email. Workers alone load what sends them."""
