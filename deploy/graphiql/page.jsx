// Our GraphiQL page: the key lives in this page's memory alone, and three queries are there to begin with.
import React, { useMemo, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { GraphiQL } from 'graphiql';
import 'graphiql/graphiql.css';
import './page.css';

import community from './welcome/1-community.graphql';
import events from './welcome/2-events.graphql';
import learning from './welcome/3-learning.graphql';

// What GraphiQL would put into localStorage (tabs with their headers, the history) is gone with the page.
function forgetfulStorage() {
  const kept = new Map();
  return {
    get length() {
      return kept.size;
    },
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
    clear: () => kept.clear(),
  };
}

function Page() {
  const [key, setKey] = useState('');
  const current = useRef('');
  current.current = key.trim();
  const storage = useMemo(forgetfulStorage, []);
  const fetcher = useMemo(
    () =>
      async (operation, { headers = {} } = {}) => {
        const hasOwn = Object.keys(headers).some((name) => /^(authorization|x-api-key)$/i.test(name));
        const credential = current.current && !hasOwn ? { Authorization: `Bearer ${current.current}` } : {};
        const answer = await fetch('/graphql', {
          method: 'POST',
          headers: { Accept: 'application/json', 'Content-Type': 'application/json', ...credential, ...headers },
          body: JSON.stringify(operation),
          credentials: 'omit',
        });
        return answer.json();
      },
    [],
  );
  return (
    <>
      <form className="key" autoComplete="off" onSubmit={(event) => event.preventDefault()}>
        <a href="/">Mycelium</a>
        <label htmlFor="key">API key or access token</label>
        <input
          id="key"
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder="myc_live_…"
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <span>{key ? 'It stays in this page: reloading forgets it.' : 'Put one in; `make up` prints one for the demo.'}</span>
      </form>
      <main>
        <GraphiQL
          fetcher={fetcher}
          storage={storage}
          shouldPersistHeaders={false}
          showPersistHeadersSettings={false}
          defaultTabs={[community, events, learning].map((query) => ({ query }))}
        />
      </main>
    </>
  );
}

createRoot(document.getElementById('page')).render(<Page />);
