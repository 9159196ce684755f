// Composes Mycelium and your own subgraph into one graph. Run in this folder:
//   npm install @apollo/server@5 @apollo/gateway@2 graphql@16
//   MYCELIUM_GRAPHQL=https://…/graphql PARTNER_GRAPHQL=http://127.0.0.1:4001/ PORT=4000 node gateway.mjs
import { ApolloGateway, IntrospectAndCompose, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

const { MYCELIUM_GRAPHQL, PARTNER_GRAPHQL, PORT } = process.env;
const PASSED_ON = ['authorization', 'idempotency-key'];

// Each caller gets what that caller may see, so Mycelium needs the caller's credential. No other subgraph gets it.
class Mycelium extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    for (const name of PASSED_ON) if (context.headers?.[name]) request.http.headers.set(name, context.headers[name]);
  }
}

const gateway = new ApolloGateway({
  supergraphSdl: new IntrospectAndCompose({
    subgraphs: [
      { name: 'mycelium', url: MYCELIUM_GRAPHQL },
      { name: 'partner', url: PARTNER_GRAPHQL },
    ],
  }),
  buildService: ({ name, url }) => (name === 'mycelium' ? new Mycelium({ url }) : new RemoteGraphQLDataSource({ url })),
});
const { url } = await startStandaloneServer(new ApolloServer({ gateway }), {
  listen: { host: '127.0.0.1', port: Number(PORT ?? 4000) },
  context: async ({ req }) => ({ headers: req.headers }),
});
console.log(url);
