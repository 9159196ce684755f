// A partner's subgraph: a Relay server with recorded talks, which stores only the ids of Mycelium's things. Its data is TALKS,
// JSON: [{"id": "talk_1", "title": "…", "event": "evt_…", "organisation": "org_…"}]. Run in this folder:
//   npm install @apollo/server@5 @apollo/subgraph@2 graphql@16
//   PORT=4001 TALKS='[]' node partner.mjs
import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

const { PORT, TALKS } = process.env;
const talks = JSON.parse(TALKS);
const node = (id) => {
  if (id.startsWith('evt_')) return { __typename: 'Event', id };
  const talk = talks.find((each) => each.id === id);
  return talk ? { __typename: 'Talk', ...talk } : null;
};
const resolvers = {
  Query: {
    node: (_, { id }) => node(id),
    nodes: (_, { ids }) => ids.map(node),
    talks: (_, { first = 100 }) => ({
      edges: talks.slice(0, first).map((talk) => ({ cursor: talk.id, node: talk })),
      pageInfo: { hasNextPage: talks.length > first, hasPreviousPage: false, startCursor: null, endCursor: null },
    }),
  },
  Talk: {
    __resolveReference: ({ id }) => node(id),
    event: ({ event }) => event && { id: event },
    organisation: ({ organisation }) => organisation && { id: organisation },
  },
  Event: {
    __resolveReference: ({ id }) => ({ id }),
    talks: ({ id }) => talks.filter(({ event }) => event === id),
  },
};
const typeDefs = parse(readFileSync(new URL('partner.graphql', import.meta.url), 'utf8'));
const server = new ApolloServer({ schema: buildSubgraphSchema({ typeDefs, resolvers }) });
const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: Number(PORT ?? 4001) } });
console.log(url);
