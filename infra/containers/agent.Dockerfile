# syntax=docker/dockerfile:1
# A device's agent. From the root of the repository:
#
#   docker build -f infra/containers/agent.Dockerfile -t orleansedge/agent .
#
# For x64 only: TorchSharp has no libraries for other Linux. They are most of the image's size, about 450 MB.
# The root file system may be read-only. Writable must be
#   /var/lib/orleansedge  the device's key and certificate, updates that are not published yet, data that were downloaded. Keep it.
#   /tmp                  little, and for a moment.
FROM --platform=linux/amd64 mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
# What PyTorch and its own tests need is left out.
RUN --mount=type=cache,id=orleansedge-packages,target=/packages \
    NUGET_PACKAGES=/packages dotnet publish EdgeAgent/EdgeAgent.csproj -c Release -o /out/app --no-self-contained \
    && find /out/app \( -name 'libtorch_python.so' -o -name 'libtorchbind_test.so' -o -name 'libjitbackend_test.so' \) -delete \
    && mkdir -m 700 /out/empty

FROM --platform=linux/amd64 mcr.microsoft.com/dotnet/runtime:10.0-noble-chiseled
COPY --from=build /out/app /app
COPY --from=build --chown=1654:1654 /out/empty /var/lib/orleansedge
ENV DOTNET_EnableDiagnostics=0 \
    XDG_DATA_HOME=/var/lib/orleansedge
WORKDIR /app
USER 1654:1654
ENTRYPOINT ["dotnet", "EdgeAgent.dll"]
CMD ["--help"]
