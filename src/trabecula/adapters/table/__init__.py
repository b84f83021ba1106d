"""People in tables: a workbook or CSV files, one row a person, with sheets for courses, scans, medicines and more.

    grid (files -> cells) -> headers (columns -> fields) -> cells (texts -> values) -> register (rows -> entries)

Every field of a record has a column (`layout` makes them from the record itself), so that a person who is written into
tables and read again is the same person.
"""
