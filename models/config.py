"""Configuration for Tortoise's command line: `tortoise -c models.config.TORTOISE_ORM makemigrations`."""

from models.connection import configuration

TORTOISE_ORM = configuration("postgresql://")
