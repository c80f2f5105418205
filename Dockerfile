# test/project/image.test.ts runs these very steps without Docker: keep to FROM, WORKDIR, COPY, RUN, ENV, USER, EXPOSE, HEALTHCHECK, CMD.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit
COPY . .
RUN npm run build
# Prisma's command line would stay behind as an optional peer of its client if package.json still named it.
RUN npm pkg delete devDependencies && npm prune --no-audit && node scripts/slim.mjs

FROM node:24-slim
ENV NODE_ENV=production
ENV DATA_DIR=/home/node/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY prisma/migrations ./prisma/migrations
COPY scripts ./scripts
COPY locales ./locales
COPY public ./public
COPY views ./views
USER node
RUN mkdir -p /home/node/data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD node scripts/healthy.mjs
CMD ["node", "dist/src/server.js", "web"]
