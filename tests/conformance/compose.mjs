// Composes the subgraphs it is sent, {name: schema}, with both composers; writes what each says is wrong.
import { text } from 'node:stream/consumers';
import { composeServices as apollo } from '@apollo/composition';
import { composeServices as guild } from '@theguild/federation-composition';
import { parse } from 'graphql';

const subgraphs = Object.entries(JSON.parse(await text(process.stdin)));
const list = subgraphs.map(([name, schema]) => ({ name, url: `http://${name}.invalid/`, typeDefs: parse(schema) }));
const said = ({ errors, supergraphSdl }) => ({
  errors: (errors ?? []).map(({ message, extensions }) => `${extensions?.code}: ${message}`),
  composes: Boolean(supergraphSdl),
});
console.log(JSON.stringify({ apollo: said(apollo(list)), guild: said(guild(list)) }));
