# syntax=docker/dockerfile:1
# A double of Azure Blob Storage for trying things out; infra/azurite/serve.js says why it is not the stock image. From the root of the repository:
#
#   docker build -f infra/containers/azurite.Dockerfile -t orleansedge/azurite .
FROM node:22-alpine
WORKDIR /app
COPY infra/azurite/package.json infra/azurite/package-lock.json infra/azurite/serve.js ./
RUN npm ci --omit=dev && npm cache clean --force && install -d -o node -g node -m 700 /data
USER node
EXPOSE 10000
ENTRYPOINT ["node", "serve.js"]
CMD ["--location", "/data", "--blobHost", "0.0.0.0", "--blobPort", "10000"]
