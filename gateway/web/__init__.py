"""The gateway's pages: where one lands, GraphiQL, the schema, and the guides that come with this version.

Everything comes from here: no page names another origin, and a policy that browsers enforce says so.
"""
