# One image for the four services and the novanet command; docker-compose.yml says which one a container runs.

FROM node:24-bookworm-slim AS build
WORKDIR /opt/novanet
COPY . .
RUN npm ci --no-audit --no-fund \
 && npx tsc -b apps/network-api apps/network-worker apps/dhcpbridge apps/metadata apps/cli \
 && npm ci --no-audit --no-fund --omit=dev --omit=optional --ignore-scripts \
      --workspace=apps/network-api --workspace=apps/network-worker --workspace=apps/dhcpbridge \
      --workspace=apps/metadata --workspace=apps/cli \
 && rm -rf lab bench libs/testbed \
 && find apps libs -path '*/node_modules' -prune -o -name '*.ts' -type f -print -o -name '*.tsbuildinfo' -print \
  | xargs rm -f

FROM node:24-bookworm-slim
# What a network worker runs: ip, iptables in both variants, dnsmasq and dhcp_release, radvd; perl is there.
RUN apt-get update \
 && apt-get install -y --no-install-recommends iproute2 iptables dnsmasq-base dnsmasq-utils radvd \
 && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /opt/novanet
COPY --from=build /opt/novanet/package.json ./
COPY --from=build /opt/novanet/node_modules node_modules
COPY --from=build /opt/novanet/libs libs
COPY --from=build /opt/novanet/apps apps
COPY docker/healthy.mjs docker/healthy.mjs
COPY docker/novanet /usr/local/bin/novanet
EXPOSE 8774 8775
CMD ["node", "apps/network-api/dist/main.js"]
