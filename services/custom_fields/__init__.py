"""Fields that the company defines: their definitions, their indexes, and their values on the way into rows.

Who writes values holds the definitions FOR SHARE, in order of id and after the row that gets them; who changes a
definition locks it alone. So no value is written that the definition of the moment of commit does not allow.
"""
