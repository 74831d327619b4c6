# syntax=docker/dockerfile:1
# The site's server. From the root of the repository:
#
#   docker build -f infra/containers/silo.Dockerfile -t orleansedge/silo .
#
# The root file system may be read-only. Writable must be
#   /var/lib/orleansedge  the store, where it is a folder; what the site keeps for its own user. Keep it.
#   /certificates         only while 'certs' makes or renews certificates. Keep it, and keep it secret.
#   /tmp                  updates that do not fit in memory, models that are imported: gigabytes, so a disk and not a tmpfs. Throw it away.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,id=orleansedge-packages,target=/packages \
    NUGET_PACKAGES=/packages dotnet publish Silo/Silo.csproj -c Release -o /out/app --no-self-contained \
    && mkdir -m 700 /out/empty

# No shell and no package manager. Its user, 1654, owns nothing but the two folders below.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
COPY --from=build /out/app /app
COPY --from=build --chown=1654:1654 /out/empty /var/lib/orleansedge
COPY --from=build --chown=1654:1654 /out/empty /certificates
# The base image asks for a port in clear, which the site would have to refuse; the runtime's diagnostics would want a writable root.
ENV ASPNETCORE_HTTP_PORTS= \
    DOTNET_EnableDiagnostics=0 \
    ORLEANSEDGE_HOME=/var/lib/orleansedge/home
WORKDIR /app
USER 1654:1654
# Everyone begins at the first; the second is for participants, the third for the site's other silos.
EXPOSE 7400 30000 11111
ENTRYPOINT ["dotnet", "Silo.dll"]
CMD ["serve", "--store", "/var/lib/orleansedge/store"]
