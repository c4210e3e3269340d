# syntax=docker/dockerfile:1
FROM node:24.18.0-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY config config
COPY jobs jobs
COPY src src
COPY web web
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24.18.0-slim
# A worker has a port here too: it is how its health is seen.
ENV NODE_ENV=production HTTP_HOST=0.0.0.0 WORKER_HTTP_PORT=3001
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
EXPOSE 3000 3001
# `serve api` and `serve all` listen on the one port, `serve worker` on the other.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "Promise.any([process.env.HTTP_PORT || 3000, process.env.WORKER_HTTP_PORT || 3001].map((port) => fetch(`http://127.0.0.1:${port}/healthz`).then((answer) => answer.ok || Promise.reject()))).then(() => process.exit(0), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/src/main.js"]
CMD ["serve", "all"]
