#!/bin/sh
# Copies the browser builds of the packages in package.json into static/vendor/. Needs npm.
set -eu
cd "$(dirname "$0")"
trap 'rm -rf node_modules' EXIT
npm ci --ignore-scripts --no-audit --no-fund --silent
rm -rf static/vendor && mkdir static/vendor
cp node_modules/graphiql/graphiql.min.js node_modules/graphiql/graphiql.min.css static/vendor/
cp node_modules/react/umd/react.production.min.js node_modules/react-dom/umd/react-dom.production.min.js static/vendor/
cp node_modules/graphql-ws/umd/graphql-ws.min.js static/vendor/
sed -i '/^\/\/# sourceMappingURL=/d' static/vendor/*.js
for package in graphiql react react-dom graphql-ws; do
    version=$(sed -n 's/^ *"version": *"\(.*\)".*/\1/p' "node_modules/$package/package.json")
    printf '%s %s\n\n' "$package" "$version"
    cat "node_modules/$package"/LICENSE*
    printf '\n'
done >static/vendor/LICENSES
