// PostGraphile over the bench's company. Row-level security decides what is seen; the bearer token says who asks.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const { DATABASE_SECURED_URL: connectionString, SECRET_KEY, PORT } = process.env;
const KEY = createHmac('sha256', SECRET_KEY).update('sluice: access tokens').digest();
const VIEWER = `
SELECT roles, coalesce((SELECT array_agg(descendant_id) FROM team_closure WHERE ancestor_id = team_id), '{}') AS teams
FROM app_user WHERE id = $1`;

const pool = new pg.Pool({ connectionString, max: 5 });
const viewers = new Map();

/** The settings of a transaction in which a request runs; the viewer's are read once, as Sluice keeps them too. */
async function settingsOf(authorization) {
  const id = userOf(authorization.slice('Bearer '.length));
  if (!viewers.has(id)) viewers.set(id, await viewerSettings(id));
  return viewers.get(id);
}

async function viewerSettings(id) {
  const { roles, teams } = (await pool.query(VIEWER, [id])).rows[0];
  const seen = roles.includes('MANAGER') ? teams : [];
  const role = roles.includes('ADMIN') ? 'bench_admin' : 'bench_seller';
  return { role, 'viewer.id': id, 'viewer.teams': `{${seen}}` };
}

function userOf(token) {
  const [head, claims, signature] = token.split('.');
  const made = createHmac('sha256', KEY).update(`${head}.${claims}`).digest();
  if (!timingSafeEqual(made, Buffer.from(signature, 'base64url'))) throw new Error('a forged token');
  const { sub, exp } = JSON.parse(Buffer.from(claims, 'base64url'));
  if (exp < Date.now() / 1000) throw new Error('an expired token');
  return sub;
}

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ pool, schemas: ['public'] })],
  grafserv: { graphiql: false, watch: false },
  grafast: {
    explain: false,
    context: async ({ node }) => ({ pgSettings: await settingsOf(node.req.headers.authorization) }),
  },
});
const service = instance.createServ(grafserv);
const answer = service.createHandler();
await service.ready();
const server = createServer((request, response) => {
  if (request.url === '/readyz') response.end('ready');
  else answer(request, response);
});
server.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
