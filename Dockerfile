# syntax=docker/dockerfile:1
# Small and without a shell: docker build -t rafaga . && docker run -p 127.0.0.1:5210:5210 -v rafaga:/data rafaga

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Rafaga/Rafaga.csproj --configuration Release --output /app && mkdir /data

# "chiseled" has no shell and no package manager; "extra" has the languages and time zones.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
COPY --from=build /app /app
COPY --from=build --chown=1654:1654 /data /data
USER 1654:1654
ENV RAFAGA__DATA__FOLDER=/data \
    RAFAGA__LOGS__FORMAT=json \
    DOTNET_EnableDiagnostics=0
WORKDIR /data
VOLUME /data
EXPOSE 5210
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/app/rafaga", "healthcheck"]
ENTRYPOINT ["/app/rafaga"]
