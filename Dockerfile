# syntax=docker/dockerfile:1
# The image of immich-auth. `BASE` is any Debian-based image with Node.js 24 and npm.
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without scripts, because `prepare` needs the sources.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run --silent build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${BASE}
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="immich-auth" \
	org.opencontainers.image.description="User accounts, sign-in and administration for an Immich server" \
	org.opencontainers.image.licenses="AGPL-3.0-only" \
	org.opencontainers.image.version="${VERSION}" \
	org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/build ./build
COPY --from=build /app/bin ./bin
COPY --from=build /app/prisma/migrations ./prisma/migrations
# Numbers instead of names, so that Kubernetes can tell that it isn't root.
RUN groupadd --gid 1000 immich 2>/dev/null || true; \
	useradd --uid 1000 --gid 1000 --no-create-home --home-dir /app immich 2>/dev/null || true; \
	ln -s /app/bin/immich-admin.mjs /usr/local/bin/immich-admin; \
	ln -s /app/bin/immich-auth.mjs /usr/local/bin/immich-auth; \
	install -d -o 1000 -g 1000 -m 0750 /data
USER 1000:1000
ENV NODE_ENV=production DATA_DIR=/data IMMICH_PORT=2283
VOLUME /data
EXPOSE 2283
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
	CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.IMMICH_PORT + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node.js is the main process and handles SIGTERM itself.
CMD ["node", "--max-old-space-size=512", "--max-semi-space-size=4", "build/server.js"]
