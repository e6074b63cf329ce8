"""What the API should answer, worked out the slow and obvious way.

Stock graphql-core executes the committed schema field by field over rows in memory. Nothing here imports `rows`,
`reads` or Strawberry: visibility, filters, paging and formats are written anew from what the design says of them.
"""
