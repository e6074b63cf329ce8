// The schema as graphql-eslint and graphql-inspector see it, by the conventions of docs/api.md.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import graphqlPlugin from '@graphql-eslint/eslint-plugin';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { ESLint } from 'eslint';
import { buildSchema } from 'graphql';

const FOLDER = fileURLToPath(new URL('../schema/', import.meta.url));
const read = (name) => readFileSync(`${FOLDER}${name}`, 'utf8');

const rules = {
  'require-description': ['error', {
    types: true, rootField: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true,
    DirectiveDefinition: true,
  }],
  'naming-convention': ['error', {
    types: 'PascalCase',
    FieldDefinition: 'camelCase',
    InputValueDefinition: 'camelCase',
    Argument: 'camelCase',
    DirectiveDefinition: 'camelCase',
    EnumValueDefinition: 'UPPER_CASE',
    'FieldDefinition[parent.name.value=Query]': { forbiddenPrefixes: ['get', 'list', 'fetch'] },
    'FieldDefinition[parent.name.value=Subscription]': { forbiddenSuffixes: ['Subscription'] },
  }],
  'no-typename-prefix': 'error',
  'no-hashtag-description': 'error',
  'no-scalar-result-type-on-mutation': 'error',
  'no-unreachable-types': 'error',
  'require-deprecation-reason': 'error',
  'unique-enum-value-names': 'error',
  'input-name': ['error', { checkInputType: true, caseSensitiveInputType: false, checkQueries: false, checkMutations: true }],
  'relay-connection-types': 'error',
  'relay-edge-types': ['error', { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false }],
  'relay-page-info': 'error',
  'relay-arguments': ['error', { includeBoth: false }],
};

// What is in a place of a queue is no node: the order there is.
const WITHOUT_ID = new Set(['type WorkItemEdge {']);

test('graphql-eslint has nothing to say', async () => {
  const config = {
    files: ['**/*.graphql'],
    languageOptions: {
      parser: graphqlPlugin.parser,
      parserOptions: { graphQLConfig: { schema: `${FOLDER}schema.graphql` } },
    },
    plugins: { '@graphql-eslint': graphqlPlugin },
    rules: Object.fromEntries(Object.entries(rules).map(([name, rule]) => [`@graphql-eslint/${name}`, rule])),
  };
  const eslint = new ESLint({ cwd: FOLDER, overrideConfigFile: true, overrideConfig: [config] });
  const [{ messages: all }] = await eslint.lintFiles(['schema.graphql']);
  const lines = read('schema.graphql').split('\n');
  const messages = all.filter(({ line }) => !WITHOUT_ID.has(lines[line - 1]));
  assert.equal(messages.map(({ line, ruleId, message }) => `${line} ${ruleId} ${message}`).join('\n'), '');
});

test('graphql-inspector finds no change since the release that breaks clients, but those that are meant', async () => {
  const meant = read('breaking.toml');
  const changes = await diff(buildSchema(read('released.graphql')), buildSchema(read('schema.graphql')));
  const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
  assert.deepEqual(breaking.filter(({ path }) => !meant.includes(path)).map(({ message }) => message), []);
});
